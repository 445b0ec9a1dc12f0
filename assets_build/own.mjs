// Builds what the browser loads of ours from static/: one stylesheet with what is used of KERN and the faces of the font, one script for every page, and one for
// pages with a Kompetenzrad. Run by `make assets` whenever something in static/ has changed; it takes a moment.

import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runInNewContext } from 'node:vm'
import { build, transform } from 'esbuild'
import { compress } from './compress.mjs'
import { used } from './kern.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const scripts = join(root, 'static/js')
const assets = join(root, 'assets')
const read = (...path) => readFileSync(join(root, ...path), 'utf8')

/** What no figure here has: plotly.js' toolbar with its hints, its own dialogues and fields, links, and edges to be dragged. */
const NOT_DRAWN = /modebar|notifier|cloud-dialog|data-title|ease-bg|-resize|plotly (svg )?a\b|plotly (input|button)/

/** The rules that plotly.js would add to an inline <style>, which the Content-Security-Policy refuses, as far as a figure has such parts. */
function plotlyStyles() {
  const rules = []
  const addStyleRule = (selector, declarations) => rules.unshift(`${selector}{${declarations}}`)
  runInNewContext(read('node_modules/plotly.js/build/plotcss.js'), { require: () => ({ addStyleRule }) })
  if (rules.length === 0) throw new Error('plotly.js no longer keeps its style rules in build/plotcss.js')
  const drawn = rules.filter((rule) => !NOT_DRAWN.test(rule)).join('\n')
  return drawn.replaceAll('"Open Sans",verdana,arial,sans-serif', '"Fira Sans",sans-serif')
}

/** Under EUPL-1.2, article 5, a changed copy says that it is one, since when, and where the whole is. */
const NOTICE = `/*! Darin: KERN UX ${JSON.parse(read('node_modules/@kern-ux/native/package.json')).version}, EUPL-1.2, seit dem 29.11.2026 gekürzt
(assets_build/kern.mjs). Das Ganze: https://gitlab.opencode.de/kern-ux/kern-ux-plain */`

async function style() {
  const own = [read('assets/css/faces.css'), plotlyStyles(), read('static/css/app.css')].join('\n')
  const kern = used(read('node_modules/@kern-ux/native/dist/kern.min.css'), own)
  const { code } = await transform([NOTICE, kern, own].join('\n'), { loader: 'css', minify: true })
  writeFileSync(join(assets, 'css/page.css'), code)
}

/** One script of some files of ours, each with a scope of its own. */
async function script(name, files, before = '') {
  const contents = files.map((file) => `import './${file}'`).join('\n')
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: scripts },
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    logLevel: 'warning',
  })
  writeFileSync(join(assets, 'js', name), before + outputFiles[0].text)
}

await style()
await script('page.js', ['app.js', 'unsaved.js', 'session.js'])
// With htmx, which the form and the talk need, or these pages would ask for one file more than eight.
await script('wheel-page.js', ['plots.js', 'wheel.js', 'timeline.js', 'rating.js'], `${read('assets/js/htmx.min.js')}\n`)
compress(...['css/page.css', 'js/page.js', 'js/wheel-page.js'].map((path) => join(assets, path)))
