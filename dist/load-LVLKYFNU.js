import{b as a,c as b}from"./yaml-SQJJSGNF.js";import"./clock-YYITXEHT.js";export{a as loadConfig,b as loadWithIssues};
