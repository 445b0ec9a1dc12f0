'use strict'
// The part of gl-mat4 that plotly.js uses.
module.exports = { invert: require('gl-mat4/invert'), multiply: require('gl-mat4/multiply') }
