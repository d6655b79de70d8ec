import{b as a,c as b}from"./yaml-XCYF53DW.js";import"./clock-YYITXEHT.js";export{a as loadConfig,b as loadWithIssues};
