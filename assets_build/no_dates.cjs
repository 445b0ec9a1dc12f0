'use strict'
// In place of d3-time and d3-time-format: no axis of ours counts in dates.
const format = () => () => ''
module.exports = { timeFormatLocale: () => ({ format, utcFormat: format }), utcFormat: format, timeFormat: format }
