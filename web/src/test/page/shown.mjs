import { indented } from "../../main/page/json.js";

/** What a view of a body shows, as one text. */
export const shownText = ({ source, json }) => (json ? indented(source.text, json) : source.text);
