import{b as a,c as b}from"./fit-Z7CA5GV2.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{b as createGuard,a as inspectService};
