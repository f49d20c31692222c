// Search, filter and page through the trajectories. Without it the list is whole and open to read.
(() => {
  "use strict";
  const PAGE = 40;
  const filters = document.getElementById("filters");
  if (!filters) return;
  const words = document.getElementById("words");
  const kind = document.getElementById("class");
  const place = document.getElementById("place");
  const found = document.getElementById("found");
  const more = document.getElementById("more");
  const rows = [...document.querySelectorAll("details.seen")].map((row) => ({
    row,
    text: row.textContent.toLowerCase(),
  }));
  let most = PAGE;

  function show() {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let fit = 0;
    for (const { row, text } of rows) {
      const fits =
        (!kind.value || row.dataset.class === kind.value) &&
        (!place.value || row.dataset.place === place.value) &&
        wanted.every((word) => text.includes(word));
      if (fits) fit += 1;
      row.hidden = !fits || fit > most;
    }
    more.hidden = fit <= most;
    found.textContent = `${fit} of ${rows.length} fit${fit > most ? `, the first ${most} are shown` : ""}`;
  }

  function anew() {
    most = PAGE;
    show();
  }

  words.addEventListener("input", anew);
  kind.addEventListener("change", anew);
  place.addEventListener("change", anew);
  more.addEventListener("click", () => {
    most += PAGE;
    show();
  });
  // Printed, the list is whole again.
  window.addEventListener("beforeprint", () => rows.forEach(({ row }) => (row.hidden = false)));
  window.addEventListener("afterprint", show);
  filters.hidden = false;
  show();
})();
