/** Whether the tags of a text are well-formed XML: every element is closed. */
export function unclosedTags(xml: string): string[] {
  const open: string[] = [];
  for (const [, slash, name, rest] of xml.matchAll(/<(\/?)([\w:]+)((?:"[^"]*"|[^"<>])*)>/g)) {
    if (slash) {
      if (open.at(-1) !== name) return [...open, `/${name}`];
      open.pop();
    } else if (!rest.endsWith('/')) open.push(name);
  }
  return open;
}
