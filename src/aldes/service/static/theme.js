// Before anything is drawn: the theme that this browser chose last.
(() => {
  const kept = localStorage.getItem("aldes-theme");
  if (kept === "day" || kept === "night") document.documentElement.dataset.theme = kept;
})();
