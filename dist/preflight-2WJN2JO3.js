import{a,b,c}from"./preflight-2YMI5XLI.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{b as checkRelease,c as factsOf,a as preflight};
