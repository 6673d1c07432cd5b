import { normalisePath } from './shell-text.ts';

/** Longest path that is put together: nobody needs a longer one. */
const longestPath = 512;
/** A text that grows beyond this is left as it is from there. */
const longestText = 65_536;

const change = /(?:^|[\s(])(?:cd|pushd)\s{1,8}(?:-[LPe@-]{1,3}\s{1,8})?(\/?[\w.][^\s]{0,512}|\/)\s*$/;
/** The folder is the last word of its line: what follows was on another one before line ends became spaces. */
const fullChange = /(?:^|[\s;&|(])(?:cd|pushd)\s{1,8}(?:-[LPe@-]{1,3}\s{1,8})?[^\s;&|()-][^\s;&|()]{0,512}(?=\s{1,8}[^\s;&|()])/g;
const relative = /^\.{0,2}[\w*?[][^\s=:@$]{0,255}$|^\.{1,2}(?:\/[^\s=:@$]{0,255})?$/;

/**
 * A command line with the folder that it enters before the names that follow: `cd /etc && cat shadow` reads
 * `cat /etc/shadow`. Takes a text without quotes; a word that is no name of a file is taken for one.
 */
export function fromFolders(text: string): string {
  if (!/\b(?:cd|pushd)\s/.test(text)) return text;
  let folder: string | undefined;
  let room = longestText - text.length;
  return text
    .replace(fullChange, '$&\n')
    .split(/([;&|\n()]+)/)
    .map((part, at) => {
      if (at % 2 === 1) return part;
      const into = change.exec(part)?.[1];
      if (into !== undefined) {
        folder = into.startsWith('/') ? normalisePath(into) : folder && pathIn(folder, into);
        return part;
      }
      const entered = folder;
      if (entered === undefined) return part;
      let words = 0;
      return part.replace(/[^\s<>]+/g, (word) => {
        words += 1;
        // The first word is a program, which the folder is not searched for.
        if (room <= 0 || !relative.test(word) || (words === 1 && !word.includes('/'))) return word;
        const path = pathIn(entered, word);
        room -= path.length;
        return path;
      });
    })
    .join('');
}

function pathIn(folder: string, name: string): string {
  return normalisePath(`${folder}/${name}`).slice(0, longestPath);
}
