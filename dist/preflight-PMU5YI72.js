import{a,b,c}from"./preflight-YR7O2YVL.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{b as checkRelease,c as factsOf,a as preflight};
