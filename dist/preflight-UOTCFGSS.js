import{a,b,c}from"./preflight-34P73SEZ.js";import"./clock-TXZYSWAF.js";import"./runtime-3RNHDNP5.js";export{b as checkRelease,c as factsOf,a as preflight};
