import{b as a,c as b}from"./yaml-INJ2WSBG.js";import"./clock-YYITXEHT.js";export{a as loadConfig,b as loadWithIssues};
