import{a}from"./connect-V55VO7ID.js";import"./clock-TXZYSWAF.js";import"./runtime-3RNHDNP5.js";export{a as connectRollout};
