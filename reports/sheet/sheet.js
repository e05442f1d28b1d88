"use strict";
// Pages are whole without their scripts. A link to a folded part unfolds it.
function unfold() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const details = target && target.closest("details");
  if (details && !details.open) { details.open = true; target.scrollIntoView(); }
}
addEventListener("hashchange", unfold);
unfold();
