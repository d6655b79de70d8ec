import{a}from"./connect-Y5FYNPRR.js";import"./clock-TXZYSWAF.js";import"./runtime-3RNHDNP5.js";export{a as connectRollout};
