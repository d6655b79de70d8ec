import{a,b,c}from"./report-2ERVCXKZ.js";import"./clock-TXZYSWAF.js";export{a as reportJob,b as reportRollback,c as reportServices};
