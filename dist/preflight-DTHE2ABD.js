import{a,b}from"./preflight-7AHG2QQU.js";import"./clock-TXZYSWAF.js";import"./runtime-3RNHDNP5.js";export{b as factsOf,a as preflight};
