import{b as a,c as b}from"./yaml-235Y7LAM.js";import"./clock-YYITXEHT.js";export{a as loadConfig,b as loadWithIssues};
