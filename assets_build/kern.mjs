// Of KERN's stylesheet the rules that pages of ours use: a fifteenth of it, and a browser reads it in a fifteenth of the time.
// Whoever uses another class of KERN's adds it here; tests/test_assets.py finds one that is missing.

const USED = new Set(
  `alert alert--danger alert--info alert--success alert--warning alert__body alert__header body
  btn btn--primary btn--secondary btn--tertiary error fieldset fieldset--error fieldset__body
  form-check form-check--error form-check__checkbox form-check__radio
  form-input form-input--error form-input__input form-input__select form-input__select-wrapper hint
  icon icon--danger icon--info icon--success icon--warning label label__optional
  table table--small table-responsive table__cell table__head table__header table__row title title--small`
    .split(/\s+/)
    .map((name) => `kern-${name}`),
)
const DECLARATION = /^\s*(--[\w-]+)\s*:/

/** No field here is disabled in words for screen readers alone, or has such an attribute twice; no button is disabled or has an icon. */
const NEVER = /\[aria-disabled|\[(disabled|readonly)=|^\.kern-btn.*(:disabled|\[disabled\]|\.kern-icon)/

/** The parts of a text between separators that stand outside of brackets and quotes. */
function parts(text, separator) {
  const found = []
  let from = 0
  let depth = 0
  let quote = ''
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]
    if (sign === '\\') at++
    else if (quote) quote = sign === quote ? '' : quote
    else if (sign === '"' || sign === "'") quote = sign
    else if ('([{'.includes(sign)) depth++
    else if (')]}'.includes(sign)) depth--
    if (quote || depth) continue
    if (sign === separator || (separator === '}' && sign === ';')) {
      found.push(text.slice(from, separator === '}' ? at + 1 : at))
      from = at + 1
    }
  }
  return [...found, text.slice(from)].filter((part) => part.trim())
}

/** "head{body}" as [head, body]; what has no body, as @charset, is none. */
const rules = (css) => parts(css, '}').flatMap((rule) => (rule.endsWith('}') ? [[rule.slice(0, rule.indexOf('{')), rule.slice(rule.indexOf('{') + 1, -1)]] : []))

/** One of several names in :is() may be none of ours, as KERN's names of themes are. */
function isUsed(selector) {
  const itself = selector.replace(/:(not|is|where)\([^)]*\)/g, '')
  return (itself.match(/\.kern-[\w-]+/g) ?? []).every((name) => USED.has(name.slice(1))) && !NEVER.test(itself.replace(/:has\([^)]*\)/g, '').trim())
}

/** In forced colours KERN makes every icon white, on white paper too: ours say there what they are. */
const isUsedInForcedColours = (selector) => isUsed(selector) && !selector.includes('.kern-icon')

/** Rules of classes that are used. Faces of fonts are our own, and nothing of KERN's that moves is used. */
function ofUse(css, isWanted = isUsed) {
  return rules(css).flatMap(([head, body]) => {
    if (/^@(font-face|keyframes)/.test(head)) return []
    if (head.startsWith('@media')) {
      const inside = ofUse(body, head.includes('forced-colors') ? isUsedInForcedColours : isWanted)
      return inside ? [`${head}{${inside}}`] : []
    }
    if (head.startsWith('@')) throw new Error(`assets_build/kern.mjs does not know what to do with ${head}`)
    const selectors = parts(head, ',').filter(isWanted)
    return selectors.length ? [`${selectors.join(',')}{${body}}`] : []
  }).join('')
}

/** Keeps of the declarations in every rule those for which `wanted` is true. */
function declarations(css, wanted) {
  return rules(css).map(([head, body]) => {
    const inside = head.startsWith('@media') ? declarations(body, wanted) : parts(body, ';').filter(wanted).join(';')
    return inside ? `${head}{${inside}}` : ''
  }).join('')
}

const asked = (text) => [...text.matchAll(/var\(\s*(--[\w-]+)/g)].map(([, name]) => name)

/** A variable that is there needs no value in its place. */
function withoutFallbacks(css) {
  const defined = new Set([...css.matchAll(/[{;](--[\w-]+)\s*:/g)].map(([, name]) => name))
  return css.replace(/var\((--[\w-]+),[^()]*\)/g, (whole, name) => (defined.has(name) ? `var(${name})` : whole))
}

/** A measure that is one in every theme and at every width needs no name, unless a rule of ours asks for it. */
function writtenOut(css, askedByUs) {
  const values = new Map([...css.matchAll(/[{;](--[\w-]+)\s*:/g)].map(([, name]) => [name, []]))
  for (const [head, body] of rules(css)) {
    for (const one of parts(body, head.startsWith('@') ? '}' : ';')) {
      const name = DECLARATION.exec(one)?.[1]
      if (name) values.get(name).push(head === ':root' ? one.slice(one.indexOf(':') + 1).trim() : null)
      else for (const [, inside] of one.matchAll(/[{;](--[\w-]+)\s*:/g)) values.get(inside).push(null)
    }
  }
  for (const [name, found] of values) if (found.length > 1 || found[0] === null || name.includes('-color-') || askedByUs.includes(name)) values.delete(name)
  for (let before = ''; before !== css; ) {
    before = css
    css = css.replace(/var\((--[\w-]+)\)/g, (whole, name) => values.get(name)?.[0] ?? whole)
  }
  return declarations(css, (one) => !values.has(DECLARATION.exec(one)?.[1]))
}

/** What of `kern` pages use that have the stylesheet `own` beside it: its rules, without variables that nobody has to ask for. */
export function used(kern, own) {
  let css = ofUse(kern.replace(/^@charset[^;]*;/, ''))
  if (!css.includes('.kern-btn--primary')) throw new Error('assets_build/kern.mjs does not find the rules in KERN any more')
  for (let before = ''; before !== css; ) {
    before = css
    const names = new Set(asked(`${css}${own}`))
    css = declarations(css, (one) => !DECLARATION.test(one) || names.has(DECLARATION.exec(one)[1]))
  }
  return writtenOut(withoutFallbacks(css), asked(own))
}
