/**
 * What a person is told to copy into a shell.
 */

/** A word for a shell: paths of people have blanks in them. */
export const quoted = (word: string): string =>
  /^[\w/.:@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`

/** Whether somebody else's word may be offered for copying: short, no option, and nothing that a shell would look at. */
export const isHarmless = (word: string): boolean => /^[A-Za-z0-9_][\w.:@%+,/-]{0,255}$/.test(word)
