import{a,b,c}from"./preflight-JYMXVNBX.js";import"./clock-TXZYSWAF.js";import"./runtime-3RNHDNP5.js";export{b as checkRelease,c as factsOf,a as preflight};
