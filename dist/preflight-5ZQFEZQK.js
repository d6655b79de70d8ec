import{a,b,c}from"./preflight-D6EQ6HHX.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{b as checkRelease,c as factsOf,a as preflight};
