import{a}from"./history-YIC26FYG.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{a as readDeploymentHistory};
