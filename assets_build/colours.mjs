// The part of culori that plotly.js uses.
import { modeHsl, modeRgb, useMode } from 'culori/fn'

useMode(modeRgb)
useMode(modeHsl)

export { converter, formatHex, formatRgb, wcagContrast, wcagLuminance } from 'culori/fn'
