// What the requests of the list hold: their first words, which of them is the odd one out, whether their signatures fit, and
// where the filter's word stands. Loaded once the rows stand.

import { Odd } from "./odd.js";
import { Previews } from "./previews.js";
import { Search } from "./search.js";
import { Verdicts } from "./verdicts.js";

export function contents({ api, changed }) {
  const previews = new Previews({ api, changed });
  const verdicts = new Verdicts({ api, changed });
  return { previews, verdicts, odd: new Odd({ previews, changed }), search: new Search({ api, changed, verdicts }) };
}
