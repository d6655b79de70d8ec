import{a}from"./history-Y6IYKR2X.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{a as readDeploymentHistory};
