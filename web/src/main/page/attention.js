// What arrived while nobody looked.

/** So many arrived: those that nobody can have seen are counted. */
export function arrived(count, model) {
  if (count > 0 && (document.hidden || isAway())) model.unseen += count;
}

/** What stands at the top of the list of a visible page counts as seen. */
export function seen(model) {
  model.away = isAway();
  if (!document.hidden && !model.away) model.unseen = 0;
}

/** Whether the top of the list is out of sight: scrolled away, or behind an open request on a narrow screen. */
function isAway() {
  const list = document.querySelector(".list-scroll");
  if (!list) return false;
  return list.scrollTop > 8 || !list.checkVisibility() || list.getBoundingClientRect().top < 0;
}
