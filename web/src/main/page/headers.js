// Headers of a capture, and what their values are made of. No DOM.

/** All values of a header of a capture, in order. */
export function headerValues(capture, name) {
  return (capture.headers ?? []).filter(([other]) => other.toLowerCase() === name).map(([, value]) => value);
}

/** "text/plain; charset=utf-8" as `{type, parameters}`, names in lower case. */
export function mediaType(value) {
  const [type, ...rest] = (value ?? "").split(";");
  const parameters = {};
  for (const part of rest) {
    const [name, ...words] = part.split("=");
    parameters[name.trim().toLowerCase()] ??= words.join("=").trim().replace(/^"(.*)"$/s, "$1");
  }
  return { type: type.trim().toLowerCase(), parameters };
}
