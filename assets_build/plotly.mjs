// What esbuild leaves out of plotly.js on its way into the bundle: nothing that a Kompetenzrad or a Lernpfad draws. And the one thing that
// no setting changes: how much room a text has in the box that appears over a drawing.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

// Texts for developers in the attributes' schema, as a list of strings or one; whatever is written otherwise stays.
const STRING = String.raw`(?:'(?:[^'\\]|\\.)*'|[\w.]+)`
const LIST = String.raw`\[\s*${STRING}(?:\s*[+,]\s*${STRING})*\s*,?\s*\](?:\s*\.join\([^)]*\))?`
const DESCRIPTION = new RegExp(String.raw`\bdescription:\s*(?:${LIST}|${STRING}(?:\s*\+\s*${STRING})*)\s*(?:,|(?=\}))`, 'g')

// File below plotly.js/src -> what stands in its place.
const nothing = (...names) => `const nothing = () => {}; module.exports = { ${names.map((name) => `${name}: nothing`).join()} }`
const INSTEAD = {
  'components/modebar/index.js': `module.exports = { moduleType: 'component', name: 'modebar', layoutAttributes: {},
    supplyLayoutDefaults: (_, layout) => Object.assign(layout, { modebar: { orientation: 'h' }, shapes: [], images: [], selections: [] }), manage: () => {} }`,
  'components/selections/index.js': nothing('prepSelect', 'selectOnClick', 'clearOutline', 'clearSelectionsCache', 'reselect'),
  'components/shapes/handle_outline.js': nothing('clearOutline'),
  'components/shapes/draw.js': nothing('eraseActiveShape'),
  'components/shapes/draw_newshape/attributes.js': 'module.exports = { newshape: {}, activeshape: {} }',
  'components/selections/draw_newselection/attributes.js': 'module.exports = { newselection: {}, activeselection: {} }',
  'plots/cartesian/scale_zoom.js': 'module.exports = () => {}',
}

const ROOM_IN_BOXES = ['components/fx/constants.js', 'HOVERTEXTPAD: 3,', 'HOVERTEXTPAD: 9,'] // pixels

// Of d3, which is one file, what lies between two of its lines: voronoi, layouts, scales, shapes, axes, brushes, tables and zooming.
const D3_WITHOUT = [
  ['  d3.behavior.zoom = ', '  d3.color = '],
  ['  d3.dsv = ', '  var d3_timer_queueHead'],
  ['  d3.geom = ', '  d3.interpolateRgb = '],
  ['  d3.layout = ', '  d3_selectionPrototype.transition = '],
  ['  d3.svg.axis = ', '  d3.text = '],
]

function without(text, from, to) {
  const [start, end] = [text.indexOf(from), text.indexOf(to)]
  if (start < 0 || end < start) throw new Error(`${from}...${to} is no longer in @plotly/d3`)
  return text.slice(0, start) + text.slice(end)
}

function exchanged(text, from, to) {
  if (!text.includes(from)) throw new Error(`${from} is no longer in plotly.js`)
  return text.replace(from, to)
}

/** Reads plotly.js without its descriptions for developers, and puts INSTEAD's files in place of what is never used. */
export function leaveOut(modules) {
  const source = join(modules, 'plotly.js/src/')
  return {
    name: 'leave out',
    setup(build) {
      // Of a library of all colour spaces Plotly needs two, of one for matrices two functions; its own build would take all.
      build.onResolve({ filter: /^culori$/ }, () => ({ path: join(import.meta.dirname, 'colours.mjs') }))
      build.onResolve({ filter: /^gl-mat4$/ }, () => ({ path: join(import.meta.dirname, 'matrices.cjs') }))
      build.onLoad({ filter: /@plotly\/d3\/d3\.js$/ }, ({ path }) => ({
        contents: D3_WITHOUT.reduce((text, [from, to]) => without(text, from, to), readFileSync(path, 'utf8')),
      }))
      build.onResolve({ filter: /^d3-time(-format)?$/ }, () => ({ path: join(import.meta.dirname, 'no_dates.cjs') }))
      build.onLoad({ filter: /plotly\.js\/src\/.*\.js$/ }, ({ path }) => {
        const instead = INSTEAD[path.slice(source.length)]
        if (instead) return { contents: instead }
        const contents = readFileSync(path, 'utf8').replace(DESCRIPTION, '')
        return { contents: path.endsWith(ROOM_IN_BOXES[0]) ? exchanged(contents, ...ROOM_IN_BOXES.slice(1)) : contents }
      })
    },
  }
}
