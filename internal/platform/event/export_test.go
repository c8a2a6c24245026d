package event

var Reading = reading
