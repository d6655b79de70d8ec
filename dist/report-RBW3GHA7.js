import{a,b,c}from"./report-VQDUINZ6.js";import"./clock-YYITXEHT.js";export{a as reportJob,b as reportRollback,c as reportServices};
