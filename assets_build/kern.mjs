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
const isUsed = (selector) => (selector.replace(/:(not|is|where)\([^)]*\)/g, '').match(/\.kern-[\w-]+/g) ?? []).every((name) => USED.has(name.slice(1)))

/** Rules of classes that are used. Faces of fonts are our own, and nothing of KERN's that moves is used. */
function ofUse(css) {
  return rules(css).flatMap(([head, body]) => {
    if (/^@(font-face|keyframes)/.test(head)) return []
    if (head.startsWith('@media')) {
      const inside = ofUse(body)
      return inside ? [`${head}{${inside}}`] : []
    }
    if (head.startsWith('@')) throw new Error(`assets_build/kern.mjs does not know what to do with ${head}`)
    const selectors = parts(head, ',').filter(isUsed)
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

/** What of `kern` pages use that have the stylesheet `own` beside it: its rules as they are, without variables that nobody asks for. */
export function used(kern, own) {
  let css = ofUse(kern.replace(/^@charset[^;]*;/, ''))
  if (!css.includes('.kern-btn--primary')) throw new Error('assets_build/kern.mjs does not find the rules in KERN any more')
  for (let before = ''; before !== css; ) {
    before = css
    const names = new Set(asked(`${css}${own}`))
    css = declarations(css, (one) => !DECLARATION.test(one) || names.has(DECLARATION.exec(one)[1]))
  }
  return css
}
