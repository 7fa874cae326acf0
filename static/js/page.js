/* Small comforts for every page; all of them work without this file too. */

// After a form was refused, reading goes on at what is wrong with it.
document.querySelector("[data-take-focus]")?.focus();

// A list in the header closes with Escape or a press elsewhere, as people expect.
const openLists = () => document.querySelectorAll(".header details[open]");

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const list of openLists()) {
    list.open = false;
    list.querySelector("summary").focus();
  }
});

document.addEventListener("click", (event) => {
  for (const list of openLists()) {
    if (!list.contains(event.target)) list.open = false;
  }
});
