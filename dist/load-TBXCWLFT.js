import{b as a,c as b}from"./yaml-WFCUSJVR.js";import"./clock-YYITXEHT.js";export{a as loadConfig,b as loadWithIssues};
