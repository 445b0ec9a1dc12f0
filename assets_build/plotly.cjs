'use strict'
// plotly.js cut down to what a Kompetenzrad and plain lines need: polar and cartesian scatter, polar bars, German.
// Left out of the full core: its inline stylesheet (served in css/vendor.css instead, see build.mjs), images,
// menus, sliders, selections and colour bars.

const registry = require('plotly.js/src/registry')
const api = require('plotly.js/src/plot_api')
const plots = require('plotly.js/src/plots/plots')

const apiMethods = Object.keys(api).map((name) => ({ moduleType: 'apiMethod', name, fn: api[name] }))

registry.register([
  ...apiMethods,
  require('plotly.js/src/traces/scatter'),
  require('plotly.js/src/components/annotations'),
  require('plotly.js/src/components/shapes'),
  require('plotly.js/src/components/colorscale'),
  require('plotly.js/src/components/legend'), // reads the defaults of shapes
  require('plotly.js/src/components/fx'), // reads the defaults of legend
  require('plotly.js/src/components/modebar'),
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

const publicApi = Object.fromEntries(Object.entries(api).filter(([name]) => !name.startsWith('_')))

module.exports = {
  ...publicApi,
  version: require('plotly.js/src/version').version,
  register: registry.register,
  Plots: { resize: plots.resize, graphJson: plots.graphJson },
}
