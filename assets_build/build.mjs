// Builds what the browser loads of others, except fonts (fonts.py), from node_modules into assets/.
// Run by `make assets` before own.mjs, which builds what is ours.

import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { compress } from './compress.mjs'
import { leaveOut } from './plotly.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const root = dirname(here)
const modules = join(root, 'node_modules')
const assets = join(root, 'assets')
const require = createRequire(import.meta.url)

const read = (...path) => readFileSync(join(modules, ...path), 'utf8')
const write = (path, text) => writeFileSync(join(assets, path), text)

function startAfresh() {
  for (const folder of ['css', 'js', 'licences']) {
    rmSync(join(assets, folder), { recursive: true, force: true })
    mkdirSync(join(assets, folder), { recursive: true })
  }
}

function copyHtmx() {
  const withoutMapLink = read('htmx.org/dist/htmx.min.js').replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '\n')
  write('js/htmx.min.js', withoutMapLink)
}

async function bundlePlotly() {
  const { metafile } = await build({
    entryPoints: [join(here, 'plotly.cjs')],
    outfile: join(assets, 'js/plotly.min.js'),
    bundle: true,
    minify: true,
    metafile: true,
    format: 'iife',
    globalName: 'Plotly',
    target: 'es2020',
    define: { global: 'window', 'define.amd': 'false', 'process.env.NODE_DEBUG': 'false' },
    loader: { '.css': 'empty' },
    plugins: [leaveOut(modules)],
    legalComments: 'none', // collected in licences/plotly.js.txt
    logLevel: 'warning',
  })
  const [{ inputs }] = Object.values(metafile.outputs)
  return packagesIn(Object.keys(inputs).filter((path) => inputs[path].bytesInOutput > 0))
}

/** Names of the packages whose files are part of a bundle. */
function packagesIn(paths) {
  const names = paths.map((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/)?.[1])
  return [...new Set(names.filter(Boolean))].sort()
}

/** Name, version, licence, place of the source and licence text of a package. */
function notice(name) {
  const { version, license, licenses, repository } = require(join(modules, name, 'package.json'))
  const kind = license ?? licenses?.map(({ type }) => type).join(', ') ?? 'see below'
  const files = readdirSync(join(modules, name)).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
  const texts = files.map((file) => read(name, file).trim())
  const source = `Source: ${repository?.url ?? repository ?? 'npm'}`
  return [`${name} ${version} (${kind})\n${source}`, ...texts].join('\n\n')
}

function writeLicences(plotlyPackages) {
  write('licences/kern-ux.txt', `${notice('@kern-ux/native')}\n`)
  write('licences/htmx.txt', `${notice('htmx.org')}\n`)
  write('licences/plotly.js.txt', `${plotlyPackages.map(notice).join(`\n\n${'-'.repeat(78)}\n\n`)}\n`)
}

startAfresh()
copyHtmx()
writeLicences(await bundlePlotly())
compress(join(assets, 'js/htmx.min.js'), join(assets, 'js/plotly.min.js'))
