import{b as a,c as b}from"./fit-JCI7W65P.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{b as createGuard,a as inspectService};
