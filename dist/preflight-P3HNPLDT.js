import{a,b,c}from"./preflight-5XNIRYY4.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{b as checkRelease,c as factsOf,a as preflight};
