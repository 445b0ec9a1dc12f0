// What a screen reader says from the beginning of a page to its end, for test_spoken.py; one that is simulated, in English.

import { virtual } from '@guidepup/virtual-screen-reader'

/** What browsers do and the simulation does not: what is folded is not read, what folds it is a button, a button's value is silent. */
function asBrowsersDo() {
  for (const details of document.querySelectorAll('details')) {
    const [summary, ...folded] = details.children
    summary.role = 'button'
    summary.ariaExpanded = String(details.open)
    details.role = 'none'
    if (!details.open) for (const part of folded) part.hidden = true
  }
  for (const button of document.querySelectorAll('button[value]')) button.removeAttribute('value')
}

export async function read() {
  asBrowsersDo()
  await virtual.start({ container: document.body })
  while ((await virtual.lastSpokenPhrase()) !== 'end of document') await virtual.next()
  const said = await virtual.spokenPhraseLog()
  await virtual.stop()
  return said
}
