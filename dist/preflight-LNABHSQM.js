import{a,b}from"./preflight-LIGQLYRB.js";import"./clock-TXZYSWAF.js";import"./runtime-3RNHDNP5.js";export{b as factsOf,a as preflight};
