var o={version:"0.1.0"};var r=o.version;export{r as a};
