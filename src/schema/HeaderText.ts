/**
 * Text that goes into the headers of a request. Node's clients, and `fetch`, throw at a value with any other character:
 * so nothing else may reach them.
 */

/** What the value of a header may hold (RFC 9110, section 5.5): blanks, tabs, and what is no control, one byte each. */
const sendable = /^[\t\u0020-\u007e\u0080-\u00ff]*$/

/** Whether a text can be sent as the value of a header as it stands. */
export const isSendable = (text: string): boolean => sendable.test(text)

const encoder = new TextEncoder()

/** A character as those of its bytes in UTF-8, which is how clients have always sent what is beyond latin1. */
const bytesOf = (character: string): string => String.fromCharCode(...encoder.encode(character))

/** A text in a form that can be sent: controls become blanks, and what is no ASCII goes out in UTF-8. */
export const fit = (text: string): string =>
  /^[\u0020-\u007e]*$/.test(text)
    ? text
    : text.replace(/[\u0000-\u001f\u007f]+/g, " ").replace(/[^\u0000-\u007f]/gu, bytesOf)
