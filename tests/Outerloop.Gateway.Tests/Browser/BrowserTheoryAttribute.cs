using Outerloop.Tests.Support;

namespace Outerloop.Gateway.Tests.Browser;

/// <summary>Tests that need what <see cref="BrowserFactAttribute"/> needs.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = new BrowserFactAttribute().Skip;
}
