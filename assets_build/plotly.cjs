'use strict'
// plotly.js cut down to what a Kompetenzrad and a Lernpfad need: polar and cartesian scatter, polar bars, words, a key, German.
// Left out of the full core: its inline stylesheet (served in css/page.css instead, see own.mjs), toolbar, images, menus, sliders,
// shapes, selections, colour bars, templates, exports and validation (plotly.mjs).

const registry = require('plotly.js/src/registry')
const api = require('plotly.js/src/plot_api/plot_api')
const plots = require('plotly.js/src/plots/plots')

const { newPlot, purge, react, relayout, restyle } = api

registry.register([
  ...Object.entries({ newPlot, purge, react, relayout, restyle }).map(([name, fn]) => ({ moduleType: 'apiMethod', name, fn })),
  require('plotly.js/src/traces/scatter'),
  require('plotly.js/src/components/annotations'),
  require('plotly.js/src/components/colorscale'),
  require('plotly.js/src/components/legend'),
  require('plotly.js/src/components/fx'), // reads the defaults of legend
  require('plotly.js/src/components/modebar'), // what plotly.mjs leaves of it
  require('plotly.js/src/locale-en'),
  require('plotly.js/src/locale-en-us'),
  require('plotly.js/src/traces/scatterpolar'),
  require('plotly.js/src/traces/barpolar'),
  require('plotly.js/lib/locales/de'),
])

// Every chart speaks German, draws no toolbar and has no button that would send data to Plotly's cloud.
api.setPlotConfig({
  locale: 'de',
  displayModeBar: false,
  displaylogo: false,
  showSendToCloud: false,
  plotlyServerURL: '',
})

module.exports = { newPlot, purge, react, relayout, restyle, version: require('plotly.js/src/version').version, Plots: { resize: plots.resize } }
