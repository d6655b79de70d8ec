import{a,b,c}from"./preflight-J7JNCZAL.js";import"./clock-TXZYSWAF.js";import"./runtime-3RNHDNP5.js";export{b as checkRelease,c as factsOf,a as preflight};
