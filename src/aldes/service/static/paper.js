// The one button of a paper: the browser's own print.
document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
