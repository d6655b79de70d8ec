import{a}from"./history-YUTFPR7M.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{a as readDeploymentHistory};
