// The check by keyboard: Enter goes on, = repeats the last value, one key for each organ system and test.
"use strict";
(() => {
  const form = document.getElementById("entry");
  if (!form) return;
  const steps = () => [...form.querySelectorAll("[data-step]")];

  const goOn = (field) => {
    const all = steps(), next = all[all.indexOf(field) + 1];
    if (next) next.focus();
    if (next && next.select) next.select();
  };

  const choose = (field, value) => {
    field.value = value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };

  form.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!field.matches("[data-step]") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (field.matches("[data-system-key]") && (event.key === "0" || event.key === "1")) {
      event.preventDefault();
      choose(field, event.key === "0" ? "none" : "listed");
      if (event.key === "0") goOn(field);
    } else if (event.key === "=" && field.dataset.repeat) {
      event.preventDefault();
      choose(field, field.dataset.repeat);
      const unit = field.parentElement.querySelector("select");
      if (unit && unit !== field) unit.selectedIndex = 0;  // the last value is kept in the usual unit
      goOn(field);
    } else if (event.key === "Enter" && !field.matches("button")) {
      event.preventDefault();
      goOn(field);
    } else if (field.tagName === "SELECT" && !field.matches("[data-system-key]") && event.key.length === 1) {
      const chosen = [...field.options].find((each) => each.value.toLowerCase().startsWith(event.key.toLowerCase()));
      const listed = [...field.options].filter((each) => each.value)[Number(event.key) - 1];
      if (chosen && chosen.value || listed) { event.preventDefault(); choose(field, (listed || chosen).value); goOn(field); }
    }
  });

  form.addEventListener("change", (event) => {
    if (!event.target.matches("[data-system-key]")) return;
    const items = event.target.closest("[data-system]").querySelector("details");
    if (event.target.value === "listed") {
      items.open = true;
      const first = items.querySelector("input, select");
      if (first) first.focus();
    }
  });

  // A system of which something was ticked is not stated to have nothing.
  form.addEventListener("change", (event) => {
    const system = event.target.closest("[data-system]");
    if (!system || event.target.matches("[data-system-key]") || !(event.target.checked || event.target.value)) return;
    system.querySelector("[data-system-key]").value = "listed";
  });
})();
