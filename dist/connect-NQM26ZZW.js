import{a}from"./connect-K6AM2XAA.js";import"./clock-TXZYSWAF.js";import"./runtime-3RNHDNP5.js";export{a as connectRollout};
