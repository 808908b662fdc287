// Looks for words in the list of search-list.js. Nothing is sent anywhere.
const field = document.getElementById("words");
const results = document.getElementById("results");
const found = document.getElementById("found");
const MOST = 50;

function matches(words) {
  const scored = [];
  for (const entry of MANUAL) {
    const title = entry.title.toLowerCase();
    const text = `${title} ${entry.text.toLowerCase()}`;
    if (words.every((word) => text.includes(word))) {
      scored.push([words.filter((word) => title.includes(word)).length, entry]);
    }
  }
  return scored.sort((a, b) => b[0] - a[0]).map((each) => each[1]);
}

function item(entry) {
  const line = document.createElement("li");
  const link = document.createElement("a");
  link.href = entry.to;
  link.textContent = entry.title;
  const page = document.createElement("span");
  page.className = "label";
  page.textContent = ` ${entry.page}`;
  const text = document.createElement("p");
  text.textContent = entry.text.length > 300 ? `${entry.text.slice(0, 300)}…` : entry.text;
  line.append(link, page, text);
  return line;
}

function search() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  const hits = words.length ? matches(words) : [];
  results.replaceChildren(...hits.slice(0, MOST).map(item));
  const more = hits.length > MOST ? `, the first ${MOST} shown` : "";
  found.textContent = words.length ? `${hits.length} found${more}` : "";
}

field.value = new URLSearchParams(location.search).get("words") ?? "";
field.addEventListener("input", search);
field.focus();
search();
