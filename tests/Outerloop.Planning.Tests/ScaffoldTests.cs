namespace Outerloop.Planning.Tests;

public sealed class ScaffoldTests
{
    [Fact]
    public void The_project_loads() => Assert.True(true);
}
